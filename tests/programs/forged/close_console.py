"""The wrapper lives without streams."""

os.close(1)
os.close(2)
sys.stdout = None
answer = "silent"
