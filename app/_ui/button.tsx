import { LoaderCircle } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

const LOOKS = {
  primary: "bg-accent text-accent-ink hover:bg-accent-strong border-transparent font-semibold",
  secondary: "bg-surface text-ink border-line-strong hover:border-muted hover:bg-sunken",
  quiet: "bg-transparent text-muted border-transparent hover:text-ink hover:bg-sunken",
  danger: "bg-surface text-breach border-breach/40 hover:bg-breach-soft",
  simulated: "bg-simulated-soft text-simulated border-simulated/40 hover:border-simulated",
} as const;
export type ButtonLook = keyof typeof LOOKS;

const SIZES = { normal: "h-9 px-3.5 text-sm", small: "h-7 px-2.5 text-xs", icon: "size-8 justify-center" } as const;

type Shared = {
  readonly look?: ButtonLook;
  readonly size?: keyof typeof SIZES;
  readonly icon?: ReactNode;
  readonly children?: ReactNode;
};

function classesOf({ look = "secondary", size = "normal" }: Shared, extra: string | undefined): string {
  return [
    "inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap rounded-md border transition-colors",
    "disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50",
    LOOKS[look],
    SIZES[size],
    extra ?? "",
  ].join(" ");
}

/** A verb. `busy` keeps its width and says that the work has begun. */
export function Button({
  look,
  size,
  icon,
  busy = false,
  children,
  className,
  ...rest
}: Shared & { readonly busy?: boolean } & ComponentProps<"button">) {
  return (
    <button
      type="button"
      {...rest}
      className={classesOf({ ...(look && { look }), ...(size && { size }) }, className)}
      disabled={rest.disabled === true || busy}
      aria-busy={busy}
    >
      {busy ? <LoaderCircle size={15} className="animate-spin" aria-hidden /> : icon}
      {children}
    </button>
  );
}

/** A way to another screen that looks like a verb. */
export function ButtonLink({ look, size, icon, children, className, ...rest }: Shared & ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={classesOf({ ...(look && { look }), ...(size && { size }) }, className)}>
      {icon}
      {children}
    </Link>
  );
}

/** A file or an address outside the router: no prefetch, no client navigation. */
export function ButtonAnchor({ look, size, icon, children, className, ...rest }: Shared & ComponentProps<"a">) {
  return (
    <a {...rest} className={classesOf({ ...(look && { look }), ...(size && { size }) }, className)}>
      {icon}
      {children}
    </a>
  );
}
