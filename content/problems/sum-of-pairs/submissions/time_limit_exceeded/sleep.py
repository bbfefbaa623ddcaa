# Uses hardly any CPU time and never ends.
import time

while True:
    time.sleep(3600)
