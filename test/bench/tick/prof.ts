import { openDatabase, inTransaction } from "#db";
import { startEmbedded } from "#db/embedded/start-embedded";
import { benchRuntime } from "./engine";
import { takeSamples, rawContender } from "./raw";
import { rearm } from "./scene";
const server = await startEmbedded(".cache/bench-postgres");
const url = new URL(server.url); url.pathname = "/bench";
const database = openDatabase(url.href, {connections: 3});
await rearm(database);
const admin = openDatabase(url.href, {connections: 1});
await admin.sql.unsafe("alter database bench set session_preload_libraries='auto_explain'");
await admin.sql.unsafe("alter database bench set auto_explain.log_min_duration='1ms'");
await admin.sql.unsafe("alter database bench set auto_explain.log_analyze=on");
await admin.sql.unsafe("alter database bench set auto_explain.log_nested_statements=on");
const d2 = openDatabase(url.href, {connections: 3});
const raw = rawContender(d2, await takeSamples(benchRuntime(d2)));
for (let i=0;i<8;i++){ const t=performance.now(); const r = await raw(); console.log(r, (performance.now()-t).toFixed(0)); }
await admin.sql.unsafe("alter database bench reset all");
await database.close(); await admin.close(); await d2.close(); await server.stop();
