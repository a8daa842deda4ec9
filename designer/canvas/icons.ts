import {
  Bell,
  Bot,
  Building2,
  CalendarClock,
  CircleHelp,
  ClipboardCheck,
  Clock,
  Flag,
  FlaskConical,
  Gavel,
  GitBranch,
  Handshake,
  Hourglass,
  type LucideIcon,
  Mail,
  MapPin,
  MessageSquare,
  Phone,
  Play,
  Repeat,
  Scale,
  ScrollText,
  ShieldCheck,
  Split,
  Table2,
  Users,
} from "lucide-react";
import type { AnyNodeDefinition, NodeGroup } from "#engine";

/** Icons step types may name. The whole set would weigh more than the designer; an icon that is not here shows its group's. */
const ICONS: { readonly [name: string]: LucideIcon } = {
  bell: Bell,
  bot: Bot,
  "building-2": Building2,
  "calendar-clock": CalendarClock,
  "clipboard-check": ClipboardCheck,
  clock: Clock,
  flag: Flag,
  "flask-conical": FlaskConical,
  gavel: Gavel,
  "git-branch": GitBranch,
  handshake: Handshake,
  hourglass: Hourglass,
  mail: Mail,
  "map-pin": MapPin,
  "message-square": MessageSquare,
  phone: Phone,
  play: Play,
  repeat: Repeat,
  scale: Scale,
  "scroll-text": ScrollText,
  "shield-check": ShieldCheck,
  split: Split,
  "table-2": Table2,
  users: Users,
};

const ICON_OF_GROUP: { readonly [group in NodeGroup]: LucideIcon } = {
  entry: Play,
  contact: MessageSquare,
  wait: Hourglass,
  decide: GitBranch,
  control: Repeat,
  people: Users,
  qa: ShieldCheck,
  agency: Building2,
  exit: Flag,
};

export function iconOf(definition: AnyNodeDefinition | undefined): LucideIcon {
  if (definition === undefined) return CircleHelp;
  return ICONS[definition.icon] ?? ICON_OF_GROUP[definition.group];
}
