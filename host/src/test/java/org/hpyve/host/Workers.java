package org.hpyve.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.hpyve.bridge.BridgeMode;
import org.hpyve.host.boundary.HostSide;
import org.hpyve.host.boundary.Peers;
import org.hpyve.host.boundary.PythonRuntime;
import org.hpyve.host.boundary.RuntimeSettings;
import org.hpyve.host.boundary.StandardStreams;

/** Threads with stacks of different sizes, and interpreters that they run in turn. */
final class Workers {

    private static final int MIB = 1 << 20;
    private static final int[] STACKS = {16 * MIB, 2 * MIB, 64 * MIB, 4 * MIB};

    static final int COUNT = STACKS.length;

    private static final Runnable END = () -> {};

    private static final class Worker {
        final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        final Thread thread;

        Worker(int number) {
            thread = new Thread(null, this::work, "worker-" + number, STACKS[number], false);
            thread.setDaemon(true);
            thread.start();
        }

        private void work() {
            try {
                for (Runnable next = tasks.take(); next != END; next = tasks.take()) {
                    next.run();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final List<Worker> workers = new ArrayList<>();
    private final List<Moving> open = new ArrayList<>();
    private int turn;

    Workers() {
        for (int i = 0; i < COUNT; i++) {
            workers.add(new Worker(i));
        }
    }

    Thread thread(int worker) {
        return workers.get(worker).thread;
    }

    /** Has a worker do something, and waits. */
    <T> T on(int worker, Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        workers.get(worker).tasks.add(task);
        try {
            return task.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw e;
        }
    }

    /** A new interpreter, made by the worker whose turn it is. */
    Moving interpreter(String name, Isolation isolation, String bridge, Path folder) throws Exception {
        RuntimeSettings settings = new RuntimeSettings(
                List.of(folder),
                false,
                BridgeMode.parse(bridge),
                true,
                Map.of(),
                StandardStreams.OF_PROCESS,
                null,
                0,
                0);
        Moving made = new Moving(name, isolation);
        made.runtime = on(turn++ % COUNT, () -> {
            PythonRuntime runtime = PythonRuntimes.create(made, settings);
            runtime.leave();
            return runtime;
        });
        open.add(made);
        return made;
    }

    /** Closes all interpreters, each on another worker; none may have left anything. */
    void close() throws Exception {
        for (Moving each : open) {
            CloseReport left = on(turn++ % COUNT, () -> {
                each.runtime.enter();
                return each.runtime.close();
            });
            assertThat(left).as(each.name).isEqualTo(new CloseReport(List.of(), 0, 0, List.of()));
        }
        for (Worker worker : workers) {
            worker.tasks.add(END);
            worker.thread.join();
        }
    }

    /** An interpreter that each call finds on the next worker. */
    final class Moving implements HostSide {

        private final String name;
        private final Isolation isolation;
        private PythonRuntime runtime;
        private final List<Runnable> posted = new ArrayList<>();

        private Moving(String name, Isolation isolation) {
            this.name = name;
            this.isolation = isolation;
        }

        PythonRuntime runtime() {
            return runtime;
        }

        /** Runs something in the interpreter on a worker. */
        <T> T on(int worker, Callable<T> work) throws Exception {
            return Workers.this.on(worker, () -> in(work));
        }

        /** The same on this thread. */
        <T> T in(Callable<T> work) throws Exception {
            runtime.enter();
            try {
                return work.call();
            } finally {
                runtime.leave();
            }
        }

        void exec(String source) throws Exception {
            exec(turn++ % COUNT, source);
        }

        void exec(int worker, String source) throws Exception {
            on(worker, () -> {
                runtime.exec(source, "<exec>");
                return null;
            });
        }

        Object eval(String expression) throws Exception {
            return eval(turn++ % COUNT, expression);
        }

        Object eval(int worker, String expression) throws Exception {
            return on(worker, () -> runtime.eval(expression));
        }

        /** Does what was posted, on a worker. */
        void doPosted(int worker) throws Exception {
            List<Runnable> now;
            synchronized (posted) {
                now = List.copyOf(posted);
                posted.clear();
            }
            on(worker, () -> {
                now.forEach(Runnable::run);
                return null;
            });
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Isolation isolation() {
            return isolation;
        }

        @Override
        public void extensionLoading(String module) {}

        @Override
        public ExtensionStats stats() {
            return runtime.stats();
        }

        @Override
        public void post(Runnable action) {
            synchronized (posted) {
                posted.add(action);
            }
        }

        @Override
        public ThreadGroup threadGroup() {
            return null;
        }

        @Override
        public PythonReference refer(Object object, String typeName) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object resolve(PythonReference reference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object proxy(PythonReference reference, Class<?> type, boolean function) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PythonReference proxied(Object value) {
            return null;
        }

        /** None: no code here asks for other interpreters. */
        @Override
        public Peers peers() {
            return null;
        }
    }
}
