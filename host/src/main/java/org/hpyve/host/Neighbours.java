package org.hpyve.host;

import java.util.List;
import java.util.Map;
import org.hpyve.host.boundary.Channel;
import org.hpyve.host.boundary.Identity;
import org.hpyve.host.boundary.Parcel;
import org.hpyve.host.boundary.Peers;

/** The interpreters of a host, for the Python code of one of them. */
final class Neighbours implements Peers {

    private final InterpreterHost host;
    private final InterpreterRegistry registry;
    private final Interpreter self;

    Neighbours(InterpreterHost host, InterpreterRegistry registry, Interpreter self) {
        this.host = host;
        this.registry = registry;
        this.self = self;
    }

    @Override
    public Identity self() {
        return self.identity();
    }

    @Override
    public List<Identity> all() {
        return registry.all().stream().map(Interpreter::identity).toList();
    }

    @Override
    public Identity get(long id) {
        return id == self.identity().id() ? self.identity() : registry.get(id).identity();
    }

    @Override
    public Identity create() {
        return host.newInterpreter(self).identity();
    }

    @Override
    public boolean isRunning(long id) {
        return id == self.identity().id() ? self.isRunning() : registry.get(id).isRunning();
    }

    @Override
    public void close(long id) {
        if (id == self.identity().id()) {
            throw new IllegalStateException("cannot close the current interpreter");
        }
        Interpreter interpreter = usable(id);
        if (interpreter.isRunning()) {
            throw new IllegalStateException("interpreter running");
        }
        if (self.isBetweenTasks()) {
            // Others may close this interpreter now, and would wait for the finalizer that waited for them.
            interpreter.beginClose();
        } else {
            interpreter.close();
        }
    }

    @Override
    public void exec(long id, String source) {
        idle(id).exec(source);
    }

    @Override
    public void prepare(long id, Map<String, Object> parcels) {
        usable(id).act(runtime -> runtime.setAll(parcels));
    }

    @Override
    public Object call(long id, Parcel.Call call) {
        return idle(id).ask(runtime -> runtime.invoke(call));
    }

    /** One that this interpreter may wait for. */
    private Interpreter idle(long id) {
        if (id == self.identity().id() && self.isRunning()) {
            throw new IllegalStateException("interpreter already running");
        }
        return usable(id);
    }

    private Interpreter usable(long id) {
        Interpreter interpreter = registry.get(id);
        if (!interpreter.identity().madeByPython()) {
            throw new IllegalStateException("interpreter " + id + " was made by the host");
        }
        return interpreter;
    }

    @Override
    public Channel newChannel(int capacity, Channel.Orphans orphans) {
        return registry.newChannel(capacity, orphans);
    }

    @Override
    public Channel channel(long id) {
        return registry.channel(id);
    }

    @Override
    public List<Channel> channels() {
        return registry.channels();
    }

    @Override
    public Channel channel(InterpreterQueue queue) {
        return queue.channel(registry);
    }

    @Override
    public InterpreterQueue queue(Channel channel) {
        return new InterpreterQueue(channel, registry);
    }
}
