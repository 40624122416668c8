// Where a message is typed: grows with it, suggests commands, questions and the bot's name, and leaves IMEs alone.
export default {
  template: `
    <form class="composer" @submit.prevent="send">
      <ul v-if="open" class="suggestions" role="listbox" :id="listId" :aria-label="labels.suggestions">
        <li v-for="(item, index) in items" :key="item.key" :id="listId + '-' + index" role="option"
            :aria-selected="index === active ? 'true' : 'false'" :class="{active: index === active}"
            @mousedown.prevent="pick(item)">
          <span class="suggestion-label">{{ item.label }}</span>
          <span class="suggestion-note">{{ item.note }}</span>
        </li>
      </ul>
      <p v-if="tooLong" class="composer-fault" role="alert">{{ tooLong }}</p>
      <div class="composer-line">
        <textarea ref="box" rows="1" :value="text" :placeholder="labels.placeholder" :aria-label="labels.placeholder"
                  aria-autocomplete="list" aria-haspopup="listbox" :aria-controls="open ? listId : null"
                  :aria-activedescendant="open && active >= 0 ? listId + '-' + active : null"
                  autocomplete="off" enterkeyhint="send" @input="typed" @keydown="key" @blur="closed = true"
                  @focus="closed = false"></textarea>
        <button type="submit" class="composer-send" :aria-label="labels.send" :disabled="!text.trim()">➤</button>
      </div>
    </form>`,
  props: {
    commands: Array, // [{key, names, label, note, takes}]
    mention: Object, // {label, note}
    suggestions: Array, // [{key, label, note}] for what is typed after a command
    labels: Object, // {placeholder, send, suggestions, too_long}
    limit: Number, // characters of a message
  },
  emits: ["say", "choose", "typing"],
  data() {
    return { text: "", active: -1, closed: false, listId: "suggestions-" + Math.random().toString(36).slice(2, 8) };
  },
  computed: {
    // The command whose argument is being typed, if its argument can be suggested.
    argument() {
      const typed = /^\/(\S+)\s+([^]*)$/.exec(this.text);
      const command = typed && this.commands.find((each) => each.names.includes(typed[1].toLowerCase()));
      return command && command.takes ? { command, words: typed[2] } : null;
    },
    items() {
      if (this.argument) return this.suggestions;
      const name = /^\/(\S*)$/.exec(this.text);
      if (name) {
        const start = name[1].toLowerCase();
        return this.commands.filter((each) => each.names.some((known) => known.startsWith(start)));
      }
      const call = /(^|\s)@(\S*)$/.exec(this.text);
      return call && this.mention.label.slice(1).toLowerCase().startsWith(call[2].toLowerCase()) ? [this.mention] : [];
    },
    open() {
      return !this.closed && this.items.length > 0;
    },
    tooLong() {
      return this.text.length > this.limit ? this.labels.too_long.replace("{count}", this.text.length.toLocaleString("en")) : "";
    },
  },
  watch: {
    items(items) {
      // A question is offered, never forced: Enter sends what was typed unless an arrow key chose otherwise.
      this.active = items.length && !this.argument ? 0 : -1;
    },
    argument(argument) {
      if (argument) this.$emit("typing", { command: argument.command.key, words: argument.words.slice(0, 200) });
    },
  },
  methods: {
    typed(event) {
      this.text = event.target.value; // also in the middle of a syllable, which v-model would wait for
      this.closed = false;
      this.grow();
    },
    grow() {
      this.$nextTick(() => {
        const box = this.$refs.box;
        box.style.height = "auto";
        box.style.height = Math.min(box.scrollHeight, 160) + "px";
      });
    },
    key(event) {
      // Enter that ends a syllable belongs to the IME. Safari says so with keyCode 229 only.
      if (event.isComposing || event.keyCode === 229) return;
      if (this.open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
        const step = event.key === "ArrowDown" ? 1 : -1;
        this.active = (this.active + step + this.items.length) % this.items.length;
        this.$nextTick(() => document.getElementById(this.listId + "-" + this.active)?.scrollIntoView({ block: "nearest" }));
        event.preventDefault();
      } else if (this.open && event.key === "Escape") {
        this.closed = true;
        event.preventDefault();
      } else if (this.open && event.key === "Tab" && !event.shiftKey) {
        this.pick(this.items[Math.max(this.active, 0)]);
        event.preventDefault();
      } else if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        if (this.open && this.active >= 0) this.pick(this.items[this.active]);
        else this.send();
      }
    },
    pick(item) {
      if (this.argument) {
        this.$emit("choose", { command: this.argument.command.key, key: item.key, label: item.label });
        this.text = "";
      } else if (item === this.mention) {
        this.text = this.text.replace(/@\S*$/, item.label + " ");
      } else {
        this.text = item.label + " ";
        if (!item.takes) this.send();
      }
      this.grow();
    },
    send() {
      if (!this.text.trim() || this.tooLong) return;
      this.$emit("say", this.text);
      this.text = "";
      this.grow();
    },
    focus() {
      this.$refs.box.focus();
    },
  },
  mounted() {
    if (window.matchMedia("(hover: hover)").matches) this.focus();
  },
};
