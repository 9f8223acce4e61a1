"""A hard link to a file outside scratch would outlive the rules of its folder."""

answer = attempt(os.link, os.__file__, "own")
