"""Nothing of an earlier run lies in scratch; what this one writes is gone for the next."""

answer = os.listdir(".")
open("left_behind", "w").close()
