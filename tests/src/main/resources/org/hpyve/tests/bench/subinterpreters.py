"""CPython's own interpreters: how long exec("pass") takes in one. Prints rows for the table of the benchmark."""
import json
import sys
import time

try:
    from concurrent import interpreters  # 3.14
    exec_in = interpreters.create().exec
except ImportError:
    try:
        import _xxsubinterpreters as low  # up to 3.12
    except ImportError:
        import _interpreters as low  # 3.13
    number = low.create()

    def exec_in(code):
        low.run_string(number, code)


def times(trips, pause):
    micros = []
    for _ in range(trips):
        if pause:
            time.sleep(pause)
        begin = time.perf_counter_ns()
        exec_in("pass")
        micros.append((time.perf_counter_ns() - begin) / 1e3)
    micros.sort()
    return micros


pause = int(sys.argv[1]) / 1e9
late_trips = int(sys.argv[2])
host = "CPython %d.%d, in the same thread" % sys.version_info[:2]
rows = []
for name, trips, wait in (("no", 5000, 0), ("5 ms", late_trips, pause)):
    micros = times(trips, wait)
    rows.append([host, 'exec("pass")', name, trips, micros[trips // 2], micros[trips * 99 // 100]])
print(json.dumps(rows))
