import { readChaosOptions, runChaos } from "./run";

/** Process entry of `npm run -s chaos`: prints the report and ends with 1 when a check found a breach. */
const args = process.argv.slice(2);
const report = await runChaos(readChaosOptions(args));
process.stdout.write(`${JSON.stringify(report, null, args.includes("--json") ? 0 : 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
