// Draws the figures anew when their boxes change their width, and for paper.

import type { Figure } from "./figure";

/** Charts for paper are drawn a little wider than A4 less its margins (690 px), which then shrinks them: two fit a page. */
const kPaperWidth = 820;

/** Redraws when a box changes its width; for paper, whatever the screen, at the width of the paper. */
export function follow_width(figures: Figure[]): void {
  let printing = false;
  const redraw = (): void => figures.forEach((f) => f.draw(printing ? kPaperWidth : null));
  let waiting = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(redraw);
  }).observe(document.getElementById("page")!);
  const print = (on: boolean) => (): void => {
    printing = on;
    redraw();
  };
  window.addEventListener("beforeprint", print(true));
  window.addEventListener("afterprint", print(false));
}
