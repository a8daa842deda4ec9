/** How long the view glides to a new place, in milliseconds. */
const GLIDE_MS = 150;

/** How the view moves: gliding, or at once for readers who asked their system for less motion. */
export function glide(): { readonly duration: number } {
  return { duration: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : GLIDE_MS };
}
