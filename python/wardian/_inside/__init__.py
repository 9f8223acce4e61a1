"""What runs inside the sandbox: one call's frames in, the user's script, its results out.

The zygote and its children call these functions; see `wardian::sandbox::Image`. Everything in this package is within the
script's reach and may be tampered with by it: all that matters is checked again outside.
"""

import os
import sys

from wardian._inside.call import serve
from wardian._inside.warming import example, practise, rehearse, warm_up

# Last: a package of the image that has such a name goes before ours.
sys.path.append(os.path.join(os.path.dirname(__file__), "offered"))

__all__ = ["example", "practise", "rehearse", "serve", "warm_up"]
