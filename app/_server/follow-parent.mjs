// Loaded into every child of `npm start` before anything else (plain JavaScript, because it runs before the TypeScript loader).
// When the parent is killed outright nobody is left to stop its children; they notice here and end themselves.
const POLL_MS = 1000;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
}, POLL_MS).unref();
