"use client";

import { Printer } from "lucide-react";
import { Button } from "../../../../_ui/button";

/** The browser's own print dialog; it also makes a PDF. */
export function PrintButton({ label }: { readonly label: string }) {
  return (
    <Button look="primary" icon={<Printer size={15} aria-hidden />} onClick={() => window.print()}>
      {label}
    </Button>
  );
}
