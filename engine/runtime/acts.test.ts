import { describe, expect, it } from "vitest";
import type { AgencyStanding } from "../model/policy";
import { DAY_MS, HOUR_MS } from "../model/time";
import { presetOf } from "../simulate/assumptions/presets";
import type { AssumptionSet } from "../simulate/assumptions/set";
import { simulate } from "../simulate/simulate";
import { aPhone } from "../testing/builders";
import { DEMAND_MARKET } from "../testing/demand-market";
import { type HandMade, handMadeProgram } from "../testing/hand-made-program";
import { ANN, MONDAY, says } from "../testing/live-run";
import type { LiveSettings } from "../testing/live-shell";
import { aWorkRun } from "../testing/work-run";
import { DEMAND_THEN_AGENCY } from "../testing/work-stories";

const programOf = (made: HandMade) => handMadeProgram(DEMAND_MARKET, made);

const registerOf = (standing: AgencyStanding) => {
  let asked = 0;
  const all = async () => {
    asked += 1;
    return [{ code: "hbr", name: "Harbour", standing }];
  };
  return { agencies: { all }, asked: () => asked };
};

const begun = async (settings: Partial<LiveSettings> = {}) => {
  const version = {
    versionId: "ver_hand-made-1",
    strategyId: "strat_hand-made",
    program: programOf(DEMAND_THEN_AGENCY),
  };
  const answer = says("DLV");
  const run = await aWorkRun(DEMAND_THEN_AGENCY, {
    pack: DEMAND_MARKET,
    answer,
    ...settings,
    version,
  } as Partial<LiveSettings>);
  await run.enroll(ANN);
  return run;
};

describe("a placement in the live path", () => {
  it("waits at the gate until the notice is old enough, and then leaves for an agency that may", async () => {
    const register = registerOf({ whitelisted: true });
    const { shell, at, story, stores } = await begun({ agencies: register.agencies });
    await shell.runUntil(MONDAY + 2 * DAY_MS, HOUR_MS);
    expect((await at())?.nodeId).toBe("place");
    expect(await story()).toContainEqual("place: deferred demanded");
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent", "ready"]);
    await shell.runUntil(MONDAY + 15 * DAY_MS, 6 * HOUR_MS);
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent", "sent"]);
    // Asked when the placement comes to the gate, not at every tick.
    expect(register.asked()).toBe(2);
  });

  it("is refused with its reasons where the agency may not, and the account takes the way for what is blocked", async () => {
    const { shell, at, story, stores } = await begun(registerOf({ whitelisted: false }));
    await shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect(await story()).toContainEqual("place: blocked listed,demanded");
    expect((await at())?.exit?.reason).toBe("handed-to-people");
    expect((await stores.look.intents()).map(({ state }) => state)).toEqual(["sent", "denied"]);
  });

  it("is refused while nobody keeps a register of agencies, and after a notice that came back", async () => {
    const unknown = await begun();
    await unknown.shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect(await unknown.story()).toContainEqual("place: blocked listed,demanded");
    const returned = await begun({ ...registerOf({ whitelisted: true }), answer: says("UND") });
    await returned.shell.runUntil(MONDAY + DAY_MS, HOUR_MS);
    expect(await returned.story()).toContainEqual("place: blocked demanded");
  });
});

/** Nobody pays by themselves, so that the account is still owed when it is placed. */
function nobodyPays(): AssumptionSet {
  const base = presetOf("base");
  const bands = base.repayment.bands.map((band) => ({ ...band, lambdaInf: 0 }));
  return { ...base, repayment: { ...base.repayment, bands }, contact: { ...base.contact, delta2: {} } };
}

describe("the same in the simulator", () => {
  const of = (standing?: AgencyStanding) =>
    simulate({
      ...{
        program: programOf(DEMAND_THEN_AGENCY),
        pack: DEMAND_MARKET,
        accounts: [ANN],
        contactPoints: [aPhone(ANN.partyId)],
      },
      ...{ from: "2026-03-02", days: 40, seed: 2, locale: "zh-CN", assumptions: nobodyPays() },
      ...(standing === undefined ? {} : { agencies: [{ name: "Harbour", standing }] }),
    });

  it("a placement is put off, or refused, by the same rules", () => {
    expect(of({ whitelisted: true }).blockedBy).toEqual({ demanded: 1 });
    expect(of({ whitelisted: false }).blockedBy).toEqual({ demanded: 1, listed: 1 });
    expect(of().blockedBy).toEqual({ demanded: 1, listed: 1 });
    expect(of().exits["handed-to-people"]).toBe(1);
  });
});
