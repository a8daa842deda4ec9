import { z } from "zod";
import { HOUR_MS } from "../../model/time";
import { defineNode } from "../define";
import { ContentChoiceSchema, contentIssues, GiveUpHoursSchema } from "../fragments";
import {
  CONTACT_DESK_FORM,
  contactDeskIssues,
  contactDeskShape,
  conversationStep,
  GIVE_UP_FORM,
  initialRedial,
  numberTerms,
  PEOPLE_CONVERSATION,
  REDIAL_FORM,
  redialIssues,
  redialShape,
  retryOf,
  UNREACHED_CALLS,
} from "../fragments-contact";
import { deskOf, PRIORITY_USUAL } from "../fragments-desk";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

const GIVE_UP_HOURS_DEFAULT = 96;
/** By the end of the next working day, for most houses. */
const DUE_HOURS_DEFAULT = 24;

const AgentDataSchema = z.strictObject({
  /** The guide the agent goes by. */
  contentId: ContentChoiceSchema,
  ...contactDeskShape,
  giveUpHours: GiveUpHoursSchema.default(GIVE_UP_HOURS_DEFAULT),
  ...redialShape,
});
type AgentData = z.output<typeof AgentDataSchema>;

const step = conversationStep({ groups: PEOPLE_CONVERSATION, unreached: UNREACHED_CALLS });

/** A call by one of the lender's own people, waiting for them in a queue. */
export const agent = defineNode<AgentData>({
  type: "agent",
  version: 1,
  group: "people",
  icon: "phone",
  schema: AgentDataSchema,
  initial: () => ({
    contentId: "",
    queue: "",
    priority: PRIORITY_USUAL,
    dueHours: DUE_HOURS_DEFAULT,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
    ...initialRedial(),
  }),
  migrate: {},
  handles: step.handles,
  form: [
    { path: "contentId", widget: "content", channel: "agent" },
    ...CONTACT_DESK_FORM,
    ...REDIAL_FORM,
    GIVE_UP_FORM,
  ],
  lint: (data, context) => [
    ...contentIssues("agent", { contentId: data.contentId, channel: "agent" }, context),
    ...contactDeskIssues("agent", data),
    ...redialIssues("agent", data),
  ],
  compile: (data) =>
    step.request({
      request: {
        kind: "contact",
        channel: "agent",
        contentId: data.contentId,
        partyRole: "self",
        desk: deskOf(data, data.dueHours * HOUR_MS),
        ...numberTerms(data),
      },
      giveUpHours: data.giveUpHours,
      retry: retryOf(data),
    }),
  simulate: step.simulate,
  summary: (data) => {
    if (data.contentId === "" || data.queue === "") return { key: "missing", params: {} };
    const params = { contentId: data.contentId, queue: data.queue, hours: data.dueHours };
    return { key: "task", params: { ...params, attempts: data.maxAttempts } };
  },
  texts: { "zh-CN": zh, en },
  examples: z.array(AgentDataSchema).parse(examples),
});
