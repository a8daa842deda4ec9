import { runCommandLine } from "./command-line";

/** A pipe takes a large document in pieces; ending before it is through would cut it off. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (text === "") resolve();
    else stream.write(text, () => resolve());
  });
}

// A reader that stops listening (`| head`) is no error of ours.
process.stdout.on("error", () => process.exit(0));
const output = await runCommandLine(process.argv.slice(2));
await write(process.stdout, output.stdout);
await write(process.stderr, output.stderr);
process.exit(output.exit);
