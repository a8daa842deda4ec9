import m0GentleReminder from "./strategies/m0-gentle-reminder.json";
import m1LowSelfCure from "./strategies/m1-low-self-cure.json";
import m1M3Overall from "./strategies/m1-m3-overall.json";
import m1StandardRobotFirst from "./strategies/m1-standard-robot-first.json";

/** Shipped strategies of the market, in the order in which they are shown. */
export const chinaStrategies = [m1StandardRobotFirst, m0GentleReminder, m1LowSelfCure, m1M3Overall] as const;
