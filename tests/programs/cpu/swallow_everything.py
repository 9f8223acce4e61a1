"""An exception cannot end what catches all."""

while True:
    try:
        while True:
            pass
    except BaseException:
        continue
