import type { ReactNode } from "react";
import { readTheme } from "../_i18n/preferences";
import { Rail } from "../_ui/rail";
import { TopBar } from "../_ui/top-bar";

export default async function ConsoleLayout({ children }: { readonly children: ReactNode }) {
  const theme = await readTheme();
  return (
    <div className="flex min-h-dvh">
      <Rail />
      <div className="flex min-w-0 flex-1 flex-col">
        <TopBar theme={theme} />
        <main className="flex min-w-0 flex-1 flex-col">{children}</main>
      </div>
    </div>
  );
}
