// Puts a fetched part in the place of the one that stands, row by row: what has not changed is not touched, so that
// focus, selection and a screen reader's place stay where they are.
const keyOf = (node) => node.dataset?.key ?? node.dataset?.list ?? node.dataset?.part ?? (node.id || null);

const sameKind = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);

function change(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) {
    old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  changeChildren(old, fresh);
}

function changeChildren(old, fresh) {
  const keyed = new Map([...old.children].filter(keyOf).map((node) => [keyOf(node), node]));
  let place = old.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    const key = wanted.nodeType === Node.ELEMENT_NODE ? keyOf(wanted) : null;
    let match = key ? keyed.get(key) : null;
    if (!match && !key) {
      while (place && place.nodeType === Node.ELEMENT_NODE && keyOf(place) && !sameKind(place, wanted)) {
        const next = place.nextSibling;
        if (fresh.querySelector?.(`[data-key="${CSS.escape(keyOf(place))}"]`)) break;
        place.remove();
        place = next;
      }
      if (place && sameKind(place, wanted)) match = place;
    }
    if (!match) {
      old.insertBefore(wanted, place);
    } else {
      if (match !== place) old.insertBefore(match, place);
      change(match, wanted);
      place = match.nextSibling;
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// Changes `root` to hold what `html` says; answers nothing. The focus is given back if moving a row took it.
export function swap(root, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const fresh = document.createElement("div");
  fresh.append(holder.content);
  changeChildren(root, fresh);
  if (focused && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}
