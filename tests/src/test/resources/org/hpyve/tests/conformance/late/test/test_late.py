def test_leaves_the_cause():
    import threading
    import time
    from java.lang import Runtime

    def end():
        time.sleep(1)
        Runtime.getRuntime().halt(9)

    thread = threading.Thread(target=end)
    thread.setDaemon(True)
    thread.start()


def test_is_innocent():
    import time
    time.sleep(2)
