import { PRIORITY_USUAL } from "../fragments-desk";
import { defineIntake, intakeParams } from "../fragments-intake";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** The debtor cannot pay. Contact stops for 15 to 30 days while a specialist looks at what can be done (house practice). */
export const hardship = defineIntake({
  type: "hardship",
  icon: "heart-handshake",
  initial: {
    queue: "",
    priority: PRIORITY_USUAL,
    dueDays: 15,
    giveUpDays: 30,
    holdDays: 30,
    releaseOn: ["rejected", "withdrawn"],
  },
  summary: (data) =>
    data.queue.trim() === ""
      ? { key: "missing", params: {} }
      : { key: data.holdDays === 0 ? "until-released" : "for-days", params: intakeParams(data) },
  texts: { "zh-CN": zh, en },
  examples,
});
