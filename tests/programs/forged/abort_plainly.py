"""What a native library does when it gives up. (Pid 1 is deaf to its own signals.)"""

os.abort()
