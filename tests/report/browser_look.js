// What is wrong with the page as it is drawn: faint, overflowing, nameless.
const channels = color => (color.match(/[\d.]+/g) || []).map(Number);
const luminance = color => {
  const [red, green, blue] = channels(color).slice(0, 3).map(value => {
    const share = value / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ratio = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const isClear = color => channels(color)[3] === 0;
const ground = element => {
  for (let at = element; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (!isClear(color)) return color;
  }
  return "rgb(255, 255, 255)";
};
const shown = element => `<${element.tagName.toLowerCase()}> ${(element.textContent || "").trim().slice(0, 50)}`;
const faint = [], overflowing = [], nameless = [];
let texts = 0;

const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || element.closest("svg, script, style")) continue;
  texts += 1;
  const style = getComputedStyle(element);
  const pixels = parseFloat(style.fontSize);
  const isLarge = pixels >= 24 || (pixels >= 18.66 && Number(style.fontWeight) >= 700);
  const found = ratio(style.color, ground(element));
  if (found < (isLarge ? 3 : 4.5)) faint.push(`${found.toFixed(2)} ${shown(element)}`);
  if (pixels < 12) faint.push(`${pixels} px ${shown(element)}`);
  const range = document.createRange();
  range.selectNodeContents(walker.currentNode);
  for (const box of range.getClientRects()) {
    const holder = element.closest("td, th, li, .card, .chart, main, header").getBoundingClientRect();
    if (box.right > holder.right + 1 || box.left < holder.left - 1) overflowing.push(`out of its place: ${shown(element)}`);
  }
}
for (const part of document.querySelectorAll("svg rect:not(.track)")) {
  const track = part.parentElement.querySelector(".track");
  const behind = track ? getComputedStyle(track).fill : ground(part.parentElement);
  const found = ratio(getComputedStyle(part).fill, behind);
  if (found < 3) faint.push(`${found.toFixed(2)} bar .${part.getAttribute("class")}`);
}
for (const element of document.querySelectorAll("body *")) {
  if (element.closest("svg") || getComputedStyle(element).display === "inline") continue;
  if (element.scrollWidth > element.clientWidth + 1) overflowing.push(`${element.scrollWidth} in ${element.clientWidth}: ${shown(element)}`);
}
if (document.documentElement.scrollWidth > innerWidth) overflowing.push(`the page: ${document.documentElement.scrollWidth} in ${innerWidth}`);
for (const picture of document.querySelectorAll("svg:not([aria-hidden])")) {
  const title = picture.querySelector(":scope > title");
  if (!title || !title.textContent.trim() || !picture.getAttribute("aria-label")) nameless.push(picture.outerHTML.slice(0, 80));
}
if (!document.title.trim() || document.querySelectorAll("h1").length !== 1) nameless.push("the page");
return {faint, overflowing, nameless, texts};
