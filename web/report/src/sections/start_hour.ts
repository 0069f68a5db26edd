// What the paper's Table 3 shows, and what it does not.

import { h } from "../dom";
import { hour_of_day, number, percent } from "../format";
import { caption, scroll_box } from "../table";

// Dodge et al. (FAccT 2022), Table 3: BERT finetune in Central US, g CO2 by hour of the start, on three days.
const kHours = [0, 3, 6, 9, 12, 15, 18, 21];
const kDays = [
  [2381, 2341, 2210, 2252, 2354, 2391, 2410, 2403],
  [2330, 2249, 2204, 2299, 2320, 2317, 2339, 2344],
  [2430, 2339, 2257, 2313, 2393, 2374, 2317, 2331],
];

export function start_hour_note(): HTMLElement {
  const against = (day: number[], hour: number): string => {
    const base = day[kHours.indexOf(hour)]!;
    const more = day[0]! - base;
    const sign = more < 0 ? "−" : "+";
    return `${sign}${number(Math.abs(more))} g (${sign}${percent((100 * Math.abs(more)) / base)} of ${number(base)} g)`;
  };
  return h("aside", { class: "note", id: "start-hour" },
    h("h3", {}, "“Midnight instead of 6 pm saves 8%” is not what the paper shows"),
    h("p", {},
      "Table 3 of Dodge et al. (2022), BERT finetune in Central US, marginal: a start at midnight emits up to 8% more than a start at 06:00 (171 g on top of 2,210 g, on day 1). " +
      "Against 18:00, midnight is a little lower on two days and higher on the third."),
    scroll_box("Table 3 of the paper",
      h("table", {},
        caption("The paper's Table 3: g CO₂ of BERT finetune in Central US by hour of the start; marginal (WattTime, 2020)"),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Day"), kHours.map((x) => h("th", { scope: "col", class: "n" }, hour_of_day(x))),
          h("th", { scope: "col", class: "n" }, "00:00 against 06:00"), h("th", { scope: "col", class: "n" }, "00:00 against 18:00"))),
        h("tbody", {}, kDays.map((day, i) => h("tr", {},
          h("th", { scope: "row" }, String(i + 1)),
          day.map((g) => h("td", { class: "n", "data-value": g }, g.toLocaleString("en"))),
          h("td", { class: "n wrap" }, against(day, 6)),
          h("td", { class: "n wrap" }, against(day, 18))))))));
}
