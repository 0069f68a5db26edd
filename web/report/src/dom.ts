// Elements from data. Text goes in as text nodes only: nothing of the document is ever parsed as HTML.

export type Child = Node | string | null | undefined | false | Child[];

type Attributes = Record<string, string | number | boolean | null | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child) parent.append(child);
  }
}

export interface Choice {
  element: HTMLElement;
  readonly value: string;
  /** Chooses as a person would; an unknown value is ignored. */
  set(value: string): void;
}

export interface Option {
  value: string;
  text: string;
  group?: string;
}

/** A labelled select. On paper its state is printed as text in its place. */
export function choice(label: string, options: Option[], initial: string, on_change: () => void): Choice {
  const select = h("select", { "aria-label": label });
  const groups = new Map<string, HTMLOptGroupElement>();
  for (const { value, text, group } of options) {
    const option = h("option", { value, selected: value === initial }, text);
    if (group === undefined) select.append(option);
    else {
      if (!groups.has(group)) {
        groups.set(group, h("optgroup", { label: group }));
        select.append(groups.get(group)!);
      }
      groups.get(group)!.append(option);
    }
  }
  const printed = h("span", { class: "printed-choice" });
  const print_state = (): void => {
    printed.textContent = select.selectedOptions[0]?.textContent ?? "";
  };
  print_state();
  select.addEventListener("change", () => {
    print_state();
    on_change();
  });
  return {
    element: h("label", { class: "choice" }, h("span", { class: "choice-label" }, label), select, printed),
    get value() {
      return select.value;
    },
    set(value) {
      if (!options.some((o) => o.value === value)) return;
      select.value = value;
      select.dispatchEvent(new Event("change"));
    },
  };
}
