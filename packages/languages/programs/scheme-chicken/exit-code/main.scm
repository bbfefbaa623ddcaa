(import (chicken base))

(display "out of order\n" (current-error-port))
(exit 7)
