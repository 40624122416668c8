// The list of messages: shows a new one from its start, unless the reader has scrolled up to read older ones.
export default {
  template: `<div class="feed" role="log" aria-live="polite" tabindex="0" :aria-label="label" @scroll="scrolled"><slot></slot></div>`,
  props: { label: String },
  data() {
    return { following: true };
  },
  methods: {
    scrolled() {
      const { scrollHeight, scrollTop, clientHeight } = this.$el;
      this.following = scrollHeight - scrollTop - clientHeight < 120;
    },
    showNewest() {
      const newest = this.$el.lastElementChild;
      if (!newest) return;
      const fits = newest.offsetHeight <= this.$el.clientHeight;
      this.$el.scrollTop = fits ? this.$el.scrollHeight : newest.offsetTop - this.$el.offsetTop;
    },
  },
  mounted() {
    const follow = () => this.following && this.showNewest();
    this.arrivals = new MutationObserver(follow);
    this.arrivals.observe(this.$el, { childList: true });
    this.resizes = new ResizeObserver(follow); // a thread that opens beside it makes it narrower and longer
    this.resizes.observe(this.$el);
    this.showNewest();
  },
  unmounted() {
    this.arrivals.disconnect();
    this.resizes.disconnect();
  },
};
