import { PRIORITY_USUAL } from "../fragments-desk";
import { defineIntake, intakeParams } from "../fragments-intake";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** The debtor disputes the debt or its amount. Nobody collects what is being verified. */
export const dispute = defineIntake({
  type: "dispute",
  icon: "message-circle-question-mark",
  initial: {
    queue: "",
    priority: PRIORITY_USUAL,
    dueDays: 15,
    giveUpDays: 30,
    holdDays: 0,
    releaseOn: ["adjusted", "rejected", "withdrawn"],
  },
  summary: (data) =>
    data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : { key: data.holdDays === 0 ? "until-released" : "for-days", params: intakeParams(data) },
  texts: { "zh-CN": zh, en },
  examples,
});
