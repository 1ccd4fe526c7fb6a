// Adds the targets of units up while they are typed, as the server does when the page is opened.
// Numbers are counted in ten-thousandths, so that no sum is off by a rounding.

const table = document.querySelector("[data-targets]");

function read(text) {
  const plain = text.replace(/[０-９．]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/[,，\s]/g, "");
  const found = /^([+-]?)(\d{0,10})(?:\.(\d{0,4}))?([万亿]?)$/.exec(plain);
  if (!found || !(found[2] || found[3])) return null;
  const value = Number(found[2] || 0) * 10000 + Number((found[3] || "").padEnd(4, "0"));
  return (found[1] === "-" ? -value : value) * ({ 万: 1e4, 亿: 1e8 }[found[4]] || 1);
}

function write(value, decimals) {
  const [whole, part] = (Math.abs(value) / 10000).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "−" : "") + grouped + (part ? "." + part : "");
}

function addUp() {
  const rows = [...table.querySelectorAll("tbody tr")];
  const decimals = Number(table.dataset.decimals);
  const own = new Map();
  const below = new Map();
  for (const row of rows) {
    own.set(row.dataset.unit, read(row.querySelector("[data-which=target]").value));
  }
  // From the bottom up: every unit stands above those below it.
  for (const row of rows.slice().reverse()) {
    const unit = row.dataset.unit;
    const reach = own.get(unit) === null ? below.get(unit) : own.get(unit);
    // Who is no more when the plan ends adds to nobody.
    if (reach !== undefined && row.dataset.parent && row.dataset.over === undefined) {
      below.set(row.dataset.parent, (below.get(row.dataset.parent) || 0) + reach);
    }
  }
  for (const row of rows) {
    const sum = below.get(row.dataset.unit);
    const mine = own.get(row.dataset.unit);
    const difference = row.querySelector("[data-difference]");
    if (!difference) continue;
    row.querySelector("[data-below]").textContent = sum === undefined ? "—" : write(sum, decimals);
    const gap = sum === undefined || mine === null ? 0 : sum - mine;
    difference.classList.toggle("tone-warning", gap !== 0);
    if (sum === undefined) difference.textContent = "—";
    else if (mine === null) difference.textContent = table.dataset.counts;
    else difference.textContent = gap ? (gap > 0 ? "+" : "") + write(gap, decimals) : table.dataset.agrees;
  }
}

if (table) table.addEventListener("input", addUp);
