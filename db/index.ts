/**
 * The database's front door. Named exports only. Starting the embedded server and migrating are left out on purpose: they belong to
 * `npm start` and the command line, and the console's server would otherwise be bundled with all of their files.
 */

export {
  type Connection,
  type Database,
  type DatabaseOptions,
  type Drizzle,
  inTransaction,
  openDatabase,
} from "./client";
export { DatabaseDeadlineError, isConnectionLoss, TransactionLostError } from "./driver-guard";
