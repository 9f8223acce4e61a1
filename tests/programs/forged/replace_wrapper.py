"""The wrapper's functions are replaced; the answer is the script's own doing, the engine is not."""

import json

os._exit = lambda status: None
json.dumps = lambda value: '{"answer": "replaced"}'
answer = "original"
