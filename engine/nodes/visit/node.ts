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
  PEOPLE_CONVERSATION,
} from "../fragments-contact";
import { deskOf, PRIORITY_USUAL } from "../fragments-desk";
import en from "./en.json";
import examples from "./examples.json";
import zh from "./zh-CN.json";

/** Two weeks: a visit waits for a tour that goes that way. */
const GIVE_UP_HOURS_DEFAULT = 336;
const DUE_HOURS_DEFAULT = 168;
/** Nobody goes alone (domain.md, CBA 2026 art. 22); more than a handful at a door is a threat. */
const PEOPLE_MIN = 2;
const PEOPLE_MAX = 5;

const VisitDataSchema = z.strictObject({
  /** The guide the visitors go by. */
  contentId: ContentChoiceSchema,
  people: z.int().min(PEOPLE_MIN).max(PEOPLE_MAX).default(PEOPLE_MIN),
  ...contactDeskShape,
  giveUpHours: GiveUpHoursSchema.default(GIVE_UP_HOURS_DEFAULT),
});
type VisitData = z.output<typeof VisitDataSchema>;

/** Nobody there, no such address, moved away: nobody was met. Whoever would not meet has been met, and has said no. */
const step = conversationStep({
  groups: { ...PEOPLE_CONVERSATION, refused: [...PEOPLE_CONVERSATION.refused, "REJ"] },
  unreached: ["NA", "INV", "MOV"],
});

/** A visit by at least two people. Made once: whoever wants another one draws it, and sees that it is another one. */
export const visit = defineNode<VisitData>({
  type: "visit",
  version: 1,
  group: "people",
  icon: "map-pin",
  schema: VisitDataSchema,
  initial: () => ({
    contentId: "",
    people: PEOPLE_MIN,
    queue: "",
    priority: PRIORITY_USUAL,
    dueHours: DUE_HOURS_DEFAULT,
    giveUpHours: GIVE_UP_HOURS_DEFAULT,
  }),
  migrate: {},
  handles: step.handles,
  form: [
    { path: "contentId", widget: "content", channel: "visit" },
    { path: "people", widget: "integer", minimum: PEOPLE_MIN, maximum: PEOPLE_MAX },
    ...CONTACT_DESK_FORM,
    GIVE_UP_FORM,
  ],
  lint: (data, context) => [
    ...contentIssues("visit", { contentId: data.contentId, channel: "visit" }, context),
    ...contactDeskIssues("visit", data),
  ],
  compile: (data) =>
    step.request({
      request: {
        kind: "contact",
        channel: "visit",
        contentId: data.contentId,
        partyRole: "self",
        desk: { ...deskOf(data, data.dueHours * HOUR_MS), people: data.people },
      },
      giveUpHours: data.giveUpHours,
      retry: null,
    }),
  simulate: step.simulate,
  summary: (data) =>
    data.contentId === "" || data.queue === ""
      ? { key: "missing", params: {} }
      : { key: "visit", params: { contentId: data.contentId, people: data.people, queue: data.queue } },
  texts: { "zh-CN": zh, en },
  examples: z.array(VisitDataSchema).parse(examples),
});
