#!/bin/sh
# workerd of chaos: beyond its limit of file size a write fails with EFBIG, instead of ending the process by a signal. A signal
# that is ignored stays ignored in the program that follows; Node sets all back in the processes that it starts.
trap '' XFSZ
exec "$CHAOS_WORKERD" "$@"
