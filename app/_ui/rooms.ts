import { Activity, ClipboardList, House, type LucideIcon, Users, Waypoints } from "lucide-react";

export type Room = {
  readonly href: string;
  readonly key: "home" | "strategies" | "accounts" | "desk" | "operations";
  readonly icon: LucideIcon;
};

/** The rooms that exist, in the order of the rail. A room enters this list on the day its door opens. */
export const ROOMS: readonly Room[] = [
  { href: "/", key: "home", icon: House },
  { href: "/strategies", key: "strategies", icon: Waypoints },
  { href: "/accounts", key: "accounts", icon: Users },
  { href: "/desk", key: "desk", icon: ClipboardList },
  { href: "/operations", key: "operations", icon: Activity },
];

/** The room an address lies in. */
export function roomOf(pathname: string): Room | undefined {
  return ROOMS.find((room) => (room.href === "/" ? pathname === "/" : pathname.startsWith(room.href)));
}
