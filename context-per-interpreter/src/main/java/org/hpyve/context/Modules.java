package org.hpyve.context;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.collections.impl.list.mutable.FastList;
import org.hpyve.bridge.DownCalls;
import org.hpyve.bridge.Handles;
import org.hpyve.bridge.Image;
import org.hpyve.bridge.Sharing;
import org.python.core.Py;
import org.python.core.PyException;
import org.python.core.PyModule;
import org.python.core.PyObject;

/**
 * Loads extension modules into one interpreter, each from an image of its own, or from one that serves all interpreters.
 *
 * <p>Used by the thread that runs the interpreter. Images are closed with the context.
 */
public final class Modules {

    /** The ABI of this host: HPy 0.9. */
    private static final int ABI_MAJOR = 0;

    private static final int ABI_MINOR = 0;

    private static final int MOD_CREATE = 2000;
    private static final int MOD_EXEC = 2001;
    /** What stands behind a number and a hyphen names a Python: such a binary needs its C API too. */
    private static final Pattern TAG = Pattern.compile("\\.hpy(\\d+)(-)?");

    private static final Pattern SHORT_NAME = Pattern.compile("[A-Za-z0-9_]+");

    private final InterpreterContext context;
    private final FastList<Image> images = FastList.newList();
    private Map<String, Sharing> sharing = Map.of();

    Modules(InterpreterContext context) {
        this.context = context;
    }

    /**
     * Says which modules have private images and which have shared ones. Those that are not named are as their extensions
     * ask for.
     *
     * @param byName by full names
     */
    public void setSharing(Map<String, Sharing> byName) {
        sharing = Map.copyOf(byName);
    }

    /**
     * Loads a module: opens an image, checks versions, creates the module and runs its exec slots. Does not touch
     * {@code sys.modules}.
     *
     * @param name the module's full name; the symbols of the image carry the part behind the last dot
     * @param spec what a {@code HPy_mod_create} slot is given
     * @throws PyException RuntimeError or SystemError that names the module and says what is wrong, or what the
     *     module raised
     */
    public PyObject load(String name, Path file, PyObject spec) {
        return load(name, file, spec, created -> {});
    }

    /**
     * Loads a module, as {@link #load(String, Path, PyObject)} does.
     *
     * @param created given the module before its exec slots run, so that what they import finds it
     */
    public PyObject load(String name, Path file, PyObject spec, Consumer<PyObject> created) {
        context.checkThread(HpyCallable.of(context.openers().calls(0), () -> name + ".HPyInit"));
        String shortName = name.substring(name.lastIndexOf('.') + 1).replace('-', '_');
        if (!SHORT_NAME.matcher(shortName).matches()) {
            throw Py.ImportError("HPy extension module '" + name + "': a C symbol cannot have this name");
        }
        Image image;
        try {
            image = Image.open(file, sharing.getOrDefault(name, Sharing.AS_MARKED));
        } catch (IOException e) {
            throw failure(name, file, "cannot be opened: " + e.getMessage());
        }
        Definition.Module definition;
        try {
            definition = definition(name, shortName, file, image);
        } catch (PyException e) {
            image.close();
            throw e;
        }
        // Kept also if creation fails: what an exec slot gave away may still be called.
        images.add(image);
        return create(name, file, image, definition, spec, created);
    }

    private Definition.Module definition(String name, String shortName, Path file, Image image) {
        int major = Image.version(symbol(name, file, image, "get_required_hpy_major_version_" + shortName));
        int minor = Image.version(symbol(name, file, image, "get_required_hpy_minor_version_" + shortName));
        if (major != ABI_MAJOR || Integer.compareUnsigned(minor, ABI_MINOR) > 0) {
            throw Py.RuntimeError(
                    "HPy extension module '%s' requires unsupported version of the HPy runtime. Requested version: %s.%s. %s"
                            .formatted(
                                    name,
                                    Integer.toUnsignedString(major),
                                    Integer.toUnsignedString(minor),
                                    "Current HPy version: " + ABI_MAJOR + "." + ABI_MINOR + "."));
        }
        checkTag(name, file, major, minor);
        symbol(name, file, image, "HPyInitGlobalContext_" + shortName);
        String init = "HPyInit_" + shortName;
        long definition = Image.init(symbol(name, file, image, init));
        if (definition == 0) {
            throw failure(name, file, init + "() returned NULL");
        }
        Definition.Module read = Definition.Module.read(definition, name);
        checkDefinition(name, file, read);
        return read;
    }

    private long symbol(String name, Path file, Image image, String symbol) {
        long address = image.symbol(symbol);
        if (address == 0) {
            throw failure(name, file, "has no symbol '" + symbol + "'");
        }
        return address;
    }

    private void checkTag(String name, Path file, int major, int minor) {
        Matcher tag = TAG.matcher(file.getFileName().toString());
        if (!tag.find()) {
            throw mismatch(
                    name,
                    file,
                    "could not find HPy ABI tag encoded in the filename. The extension claims to be compiled with HPy ABI"
                            + " version: %d.%d.".formatted(major, minor));
        }
        if (tag.group(2) != null) {
            throw failure(name, file, "is a hybrid binary, which needs CPython's C API");
        }
        if (!tag.group(1).equals(Integer.toString(major))) {
            throw mismatch(
                    name,
                    file,
                    "mismatch between the HPy ABI tag encoded in the filename and the major version requested by the HPy"
                            + " extension itself. Major version tag parsed from filename: %s. Requested version: %d.%d."
                                    .formatted(tag.group(1), major, minor));
        }
    }

    private static PyException mismatch(String name, Path file, String what) {
        return Py.RuntimeError("HPy extension module '" + name + "' at path '" + file + "': " + what);
    }

    private PyObject create(
            String name,
            Path file,
            Image image,
            Definition.Module definition,
            PyObject spec,
            Consumer<PyObject> created) {
        for (Definition.Slot slot : definition.defines().slots()) {
            if (slot.number() == MOD_CREATE) {
                PyObject module = createByExtension(name, slot, spec);
                created.accept(module);
                return module;
            }
        }
        PyModule module = new PyModule(Api.attributeName(name));
        module.__setattr__("__doc__", definition.doc() == null ? Py.None : Py.newStringOrUnicode(definition.doc()));
        module.__setattr__("__file__", Py.newStringOrUnicode(file.toString()));
        long handle = context.objects().permanentHandle(module);
        int number = context.openers().number(name);
        for (Definition.Method method : definition.defines().methods()) {
            module.__setattr__(
                    Api.attributeName(method.name()),
                    new NativeFunction(method, context, name, number).bind(module, handle));
        }
        context.globals().register(image, definition.globals());
        created.accept(module);
        for (Definition.Slot slot : definition.defines().slots()) {
            execute(name, slot, handle);
        }
        return module;
    }

    private static void checkDefinition(String name, Path file, Definition.Module definition) {
        Definition.Defines defines = definition.defines();
        if (definition.size() < 0) {
            throw Py.SystemError("HPy extension module '" + name + "': HPy does not permit HPyModuleDef.size < 0");
        }
        if (definition.size() > 0) {
            throw Py.SystemError("HPy extension module '" + name
                    + "': module state is not supported in HPy, set HPyModuleDef.size = 0");
        }
        if (definition.legacyMethods()) {
            throw failure(name, file, "has legacy methods, which need CPython's C API");
        }
        int creates = 0;
        for (Definition.Slot slot : defines.slots()) {
            if (slot.number() == MOD_CREATE) {
                creates++;
            } else if (slot.number() != MOD_EXEC) {
                throw Py.SystemError("HPy extension module '" + name + "': slot " + slot.number()
                        + " is not supported in HPyModuleDef.defines");
            }
        }
        if (creates > 1) {
            throw Py.SystemError(
                    "HPy extension module '" + name + "': multiple definitions of the HPy_mod_create slot");
        }
        boolean others = defines.slots().size() > creates
                || !defines.methods().isEmpty()
                || definition.doc() != null
                || definition.globals().length > 0;
        if (creates == 1 && others) {
            throw Py.SystemError(
                    "HPyModuleDef defines a HPy_mod_create slot and other fields, which HPy extension module '" + name
                            + "' would not get");
        }
    }

    private PyObject createByExtension(String name, Definition.Slot slot, PyObject spec) {
        HpyCallable callee = HpyCallable.of(context.openers().calls(name), () -> name + ".HPy_mod_create");
        HpyCallable outer = context.enter(callee);
        long handle = Handles.NULL;
        PyObject module;
        try {
            handle = context.handle(spec);
            long result = DownCalls.mod_create(context.bridge().address(), slot.impl(), handle);
            module = context.complete(callee, result);
            context.checkArguments(callee, context.isOpen(handle));
        } finally {
            context.close(handle);
            context.leave(outer);
        }
        if (module instanceof PyModule) {
            throw Py.SystemError("HPy extension module '" + name
                    + "': HPy_mod_create slot returned a builtin module object. This is currently not supported.");
        }
        return module;
    }

    private void execute(String name, Definition.Slot slot, long module) {
        HpyCallable callee = HpyCallable.of(context.openers().calls(name), () -> name + ".HPy_mod_exec");
        HpyCallable outer = context.enter(callee);
        try {
            int status = DownCalls.inquiry(context.bridge().address(), slot.impl(), module);
            context.completeNumber(callee, status != 0);
        } finally {
            context.leave(outer);
        }
    }

    private static PyException failure(String name, Path file, String what) {
        return Py.RuntimeError("HPy extension module '" + name + "' at path '" + file + "' " + what);
    }

    /** Closes the images. No function of theirs may be called any more. */
    void close() {
        images.forEach(Image::close);
        images.clear();
    }
}
