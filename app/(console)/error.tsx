"use client";

import { ErrorState } from "../_ui/states";

/** A page that could not be made. The rest of the console stays usable. */
export default function ConsoleError({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <div className="p-6">
      <ErrorState error={error} onRetry={reset} />
    </div>
  );
}
