// The list of messages: shows a new one from its start, unless the reader has scrolled up to read older ones.
const between = (x, a, b) => x >= Math.min(a, b) - 1 && x <= Math.max(a, b) + 1; // px, give or take what is rounded

export default {
  template: `<div class="feed" role="log" aria-live="polite" tabindex="0" :aria-label="label" @scroll="scrolled"><slot></slot></div>`,
  props: {
    label: String,
    asked: Number, // how often the reader has asked for something, whose answer they want to see wherever they read
  },
  data() {
    return {
      following: true, // whether what comes is shown
      way: null, // {from, to}: where the feed sends itself, which takes a while if smooth; null: the reader has scrolled
    };
  },
  watch: {
    asked() {
      this.following = true;
    },
  },
  methods: {
    scrolled() {
      const { scrollHeight, scrollTop, clientHeight } = this.$el;
      const onItsWay = this.way && between(scrollTop, this.way.from, this.way.to);
      if (onItsWay) {
        this.way.from = scrollTop;
      } else {
        this.way = null;
        this.following = scrollHeight - scrollTop - clientHeight < 120;
      }
    },
    send(top) {
      const to = Math.max(0, Math.min(top, this.$el.scrollHeight - this.$el.clientHeight));
      this.way = { from: this.$el.scrollTop, to };
      this.$el.scrollTop = to;
    },
    showNewest() {
      const newest = this.$el.lastElementChild;
      if (!newest) return;
      const fits = newest.offsetHeight <= this.$el.clientHeight;
      this.send(fits ? this.$el.scrollHeight : newest.offsetTop - this.$el.offsetTop);
    },
    resized() {
      if (this.way) this.showNewest();
      else this.$el.scrollTop = this.$el.scrollHeight; // the reader has scrolled to the end, and stays there
    },
  },
  mounted() {
    this.arrivals = new MutationObserver(() => this.following && this.showNewest());
    this.arrivals.observe(this.$el, { childList: true });
    // A thread that opens beside it makes it narrower and longer, a message that is typed makes it lower.
    this.resizes = new ResizeObserver(() => this.following && this.resized());
    this.resizes.observe(this.$el);
    this.showNewest();
  },
  unmounted() {
    this.arrivals.disconnect();
    this.resizes.disconnect();
  },
};
