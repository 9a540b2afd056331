def test_leaves_the_cause():
    import os
    from java.lang import ProcessBuilder

    # A thread would end with the interpreter.
    ProcessBuilder(["sh", "-c", "sleep 1; kill -9 %d" % os.getpid()]).start()


def test_is_innocent():
    import time
    time.sleep(2)
