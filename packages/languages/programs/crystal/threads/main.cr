child = Process.new("sh", ["-c", "echo $((6 * 7))"], output: Process::Redirect::Pipe)
print child.output.gets_to_end
child.wait
