// Controls beside the selects of ../dom: a slider and a box for a number. On paper their state is printed as text.

import { h, type Choice } from "../dom";

interface Range {
  min: number;
  max: number;
  step: number;
}

interface Field extends Range {
  label: string;
  initial: number;
  /** The state in words: "6 h later". */
  text: (value: number) => string;
  on_change: () => void;
}

export function slider(field: Field): Choice {
  const input = h("input", { type: "range", min: field.min, max: field.max, step: field.step, value: field.initial });
  const state = h("span", {}, field.text(field.initial));
  const label = h("span", { class: "choice-label" }, field.label, " ", state);
  return control(input, label, field, (value) => {
    state.textContent = field.text(value);
    // Read out in words, not as a bare number.
    input.setAttribute("aria-valuetext", field.text(value));
  });
}

export function number_box(field: Field): Choice {
  const input = h("input", { type: "number", min: field.min, max: field.max, step: field.step, value: field.initial });
  return control(input, h("span", { class: "choice-label" }, field.label), field, () => undefined);
}

function control(input: HTMLInputElement, label: HTMLElement, field: Field, show: (value: number) => void): Choice {
  const printed = h("span", { class: "printed-choice" }, field.text(field.initial));
  input.setAttribute("aria-label", field.label);
  // A value that the control does not take leaves the last good one.
  let good = field.initial;
  show(good);
  input.addEventListener("input", () => {
    const value = input.value.trim() === "" ? NaN : Number(input.value);
    const fits = Number.isFinite(value) && value >= field.min && value <= field.max;
    input.setAttribute("aria-invalid", String(!fits));
    if (!fits) return;
    good = value;
    printed.textContent = field.text(good);
    show(good);
    field.on_change();
  });
  return {
    element: h("label", { class: "choice" }, label, input, printed),
    get value() {
      return String(good);
    },
    set(value) {
      input.value = value;
      input.dispatchEvent(new Event("input"));
    },
  };
}
