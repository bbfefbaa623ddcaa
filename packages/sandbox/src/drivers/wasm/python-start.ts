/**
 * Runs in Python before the program. It answers a function that runs a program as the command line
 * does, with itself left out of tracebacks, and takes away the modules that reach JavaScript: the
 * innermost of several walls, and the one that programs meet as a plain ImportError.
 */
export const pythonStart = `
def prepare():
    import atexit, builtins, os, sys, traceback, types
    import linecache, encodings.idna

    class Exit(BaseException):
        pass

    def leave(status):
        raise Exit(status)

    def no_shell(command):
        raise OSError("there are no processes here")

    import posix
    os._exit = posix._exit = leave
    os.system = posix.system = no_shell

    def start(text, path, args, isolated):
        if text is None:
            try:
                with open(path, "rb") as file:
                    source = file.read()
            except OSError as error:
                print(f"python3: can't open file {path!r}: {error}", file=sys.stderr)
                return 2
            name = path
        else:
            source = text
            name = "<string>"
        sys.argv = [path if text is None else "-c", *args]
        sys.orig_argv = ["python3", *sys.argv]
        sys.dont_write_bytecode = True
        if not isolated:
            directory = os.path.dirname(os.path.abspath(path)) if text is None else ""
            sys.path.insert(0, directory)
        main = types.ModuleType("__main__")
        main.__dict__["__builtins__"] = builtins
        if text is None:
            main.__dict__["__file__"] = path
        sys.modules["__main__"] = main
        code = 0
        try:
            exec(compile(source, name, "exec", dont_inherit=True), main.__dict__)
        except SystemExit as error:
            code = exit_code(error.code)
        except Exit as error:
            return error.args[0] & 255
        except BaseException as error:
            code = 1
            show(error)
        try:
            atexit._run_exitfuncs()
        except BaseException:
            pass
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                code = code or 120
        return code

    def exit_code(value):
        if value is None:
            return 0
        if isinstance(value, int):
            return value & 255
        print(value, file=sys.stderr)
        return 1

    def show(error):
        try:
            trace = error.__traceback__.tb_next
            traceback.print_exception(type(error), error, trace)
        except BaseException:
            pass

    def reaches_out(name):
        return name.split(".")[0] in ("js", "pyodide_js", "pyodide", "_pyodide", "_pyodide_core", "micropip")

    for name in [name for name in sys.modules if reaches_out(name)]:
        del sys.modules[name]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not reaches_out(type(finder).__module__)]

    class Refuse:
        def find_spec(self, name, path=None, target=None):
            if reaches_out(name):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    sys.meta_path.insert(0, Refuse())
    os.makedirs("/w", exist_ok=True)
    os.chdir("/w")
    return start
prepare()
`;
