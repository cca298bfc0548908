"use strict";

// Plays the steps of a lesson: shows what each declares, and says whether an answer is right.
//
// The texts of the steps are elements of the page already. `isRight` and `takes` are those of
// cadl_gui/domain/lesson_block.py.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const ONE_NUMBER = /^[^\d.,+−-]*([+−-]?[\d.,]*\d)\D*$/; // “about 12”, “98 %”
const THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+$/;
const MOST_LETTERS = 1000; // of an answer

function numberOf(text) {
  const plain = text.trim().replace("−", "-");
  return NUMBER.test(plain) ? Number(plain) : NaN;
}

const said = (answer) => answer.match(ONE_NUMBER)?.[1] ?? answer;

// Whether this is an answer at all: where a number is asked for, whether it is one.
function takes(question, answer) {
  return !question.is_number || Number.isFinite(numberOf(said(answer).replaceAll(",", "")));
}

// Whether an answer is right; null if there is no right one.
function isRight(question, answer) {
  if (!question.is_number) {
    return question.answer ? answer.trim().toLowerCase() === question.answer.toLowerCase() : null;
  }
  answer = said(answer);
  if (THOUSANDS.test(answer.trim()) && question.number === numberOf(answer.replaceAll(",", ""))) return true;
  const number = numberOf(answer.replaceAll(",", ".")); // many a class writes a decimal comma
  if (Number.isNaN(number)) return false;
  return question.number === null ? null : Math.abs(number - question.number) <= question.tolerance;
}

// What is said of an answer; a wrong one of many may be given once more before the right one is told.
function verdictOn(question, answer, hasTried) {
  if (!takes(question, answer)) return "A number, please.";
  const right = isRight(question, answer);
  const isOneOfMany = question.is_number || question.choices.length > 2;
  if (right === false && isOneOfMany && !hasTried) return "Not quite. Try once more.";
  const said = right === null ? "Kept until you close this page." : right ? "Right" : "Not quite";
  return question.solution && right !== null ? `${said}: ${question.solution}.` : said;
}

function addButton(parent, text, onClick) {
  const button = add(parent, "button", "", text);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}

// Offers the answers to a question, or a field, in the article of a step.
class AnswerField {
  constructor(question, article) {
    this.question = question;
    this.hasTried = false;
    const box = document.createElement("form");
    article.querySelector(".question").after(box);
    box.className = "answering";
    box.addEventListener("submit", (event) => event.preventDefault());
    this.buttons = question.choices.map((choice) => addButton(box, choice, () => this.give(choice)));
    if (!this.buttons.length) {
      const field = add(box, question.is_number ? "input" : "textarea");
      if (question.is_number) field.inputMode = "decimal";
      [field.ariaLabel, field.maxLength, field.autocomplete] = ["Your answer", MOST_LETTERS, "off"];
      addButton(box, "Answer", () => field.value.trim() && this.give(field.value.trim())).type = "submit";
    }
    this.verdict = add(box, "p", "verdict");
  }

  give(answer) {
    this.question.choices.forEach((choice, i) => (this.buttons[i].ariaPressed = choice === answer));
    this.verdict.textContent = verdictOn(this.question, answer, this.hasTried);
    this.hasTried ||= takes(this.question, answer);
  }
}

// The panel of a lesson. `show` shows what a step declares.
class LessonPanel {
  constructor(steps, show) {
    [this.steps, this.show, this.number] = [steps, show, 0];
    const box = byId("lesson");
    box.hidden = false;
    document.documentElement.classList.add("taught");
    this.text = box.querySelector(".text");
    this.articles = [...box.querySelectorAll("article")];
    steps.forEach(({ question }, i) => question && new AnswerField(question, this.articles[i]));
    const row = add(box, "div", "row");
    this.back = addButton(row, "Back", () => this.enter(this.number - 1));
    this.hint = addButton(row, "Hint", () => this.showHint());
    this.next = addButton(row, "Next", () => this.enter(this.number + 1));
    this.enter(0);
  }

  // Enters a step; there is none before the first and after the last.
  enter(number) {
    if (!this.steps[number]) return;
    this.number = number;
    byId("step-number").textContent = `Step ${number + 1} of ${this.steps.length}`;
    this.articles.forEach((article, i) => (article.hidden = i !== number));
    this.hint.hidden = !this.hintText;
    // Not disabled: a button that has the focus would lose it.
    this.back.ariaDisabled = number === 0;
    this.next.ariaDisabled = number === this.steps.length - 1;
    this.text.scrollTop = 0;
    this.text.parentNode.open = true;
    this.show(this.steps[number]);
  }

  get hintText() {
    return this.articles[this.number].querySelector(".hint");
  }

  showHint() {
    this.text.parentNode.open = true;
    this.hintText.hidden = false;
    this.hintText.scrollIntoView({ block: "nearest" });
  }
}
