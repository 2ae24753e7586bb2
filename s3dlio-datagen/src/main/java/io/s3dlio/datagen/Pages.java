package io.s3dlio.datagen;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes and compares the bytes of objects. Whole pages are made where they are wanted, and compared
 * where they are; those of which only a part is asked for are made aside, in memory that is small
 * enough to stay in the first-level cache.
 *
 * <p>One instance serves one thread. It remembers where in a unit it stands, so that reading on
 * makes nothing twice.
 */
final class Pages {

  /** Differences are counted in pieces of so many bytes; no page is larger. */
  static final int PAGE = Shape.MAX_PAGE;

  /** Where to cut what several threads make: no unit is larger, and all end here. */
  static final int BLOCK = Shape.MAX_UNIT;

  /** Of the kernel's place: while it works, which may fail, and after it stopped anywhere. */
  private static final int UNKNOWN = Integer.MAX_VALUE;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle BUFFER_WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final ThreadLocal<Pages> OF_THREAD =
      ThreadLocal.withInitial(() -> new Pages(GeneratorKernel.create()));

  private final Kernel kernel;
  private final byte[] aside = new byte[PAGE];
  private final ByteBuffer asideBuffer = ByteBuffer.wrap(aside);

  /** Whose unit the kernel was last seeded for. */
  private GeneratedObject object;

  private long unit;

  /** The page in the unit that the kernel makes next, or {@link #UNKNOWN}. */
  private int next;

  /** Which page lies aside, -1 if none does. */
  private int kept;

  Pages(Kernel kernel) {
    this.kernel = kernel;
  }

  static Pages ofThisThread() {
    return OF_THREAD.get();
  }

  /** Fills the buffer; the range is inside the object. */
  void read(GeneratedObject object, long offset, ByteBuffer dst) {
    Shape shape = object.shape();
    long at = offset;
    while (dst.hasRemaining()) {
      int inUnit = (int) (at % shape.unit());
      int length = Math.min(dst.remaining(), shape.unit() - inUnit);
      enter(object, object.unitAt(at));
      readUnit(shape, inUnit, inUnit + length, dst);
      at += length;
    }
  }

  private void readUnit(Shape shape, int from, int end, ByteBuffer dst) {
    int at = from;
    while (at < end) {
      int page = at / shape.page();
      int inPage = at % shape.page();
      int whole = (end - at) / shape.page();
      if (inPage == 0 && whole > 0 && page != kept) {
        if (dst.hasArray()) {
          make(shape, page, whole, dst.array(), dst.arrayOffset() + dst.position());
        } else {
          make(shape, page, whole, dst);
        }
        dst.position(dst.position() + whole * shape.page());
        at += whole * shape.page();
      } else {
        int length = Math.min(end - at, shape.page() - inPage);
        dst.put(aside(shape, page), inPage, length);
        at += length;
      }
    }
  }

  /**
   * The first byte of the buffer that is not what the object has there, counted from the buffer's
   * position; -1 if all are right. The range is inside the object; the buffer stays as it is.
   */
  int mismatch(GeneratedObject object, long offset, ByteBuffer src) {
    Shape shape = object.shape();
    int position = src.position();
    int limit = src.limit();
    try {
      long at = offset;
      for (int from = position; from < limit; ) {
        int inUnit = (int) (at % shape.unit());
        int length = Math.min(limit - from, shape.unit() - inUnit);
        enter(object, object.unitAt(at));
        src.limit(from + length).position(from);
        int found = mismatchInUnit(shape, inUnit, src);
        if (found >= 0) {
          return found - position;
        }
        from += length;
        at += length;
      }
      return -1;
    } finally {
      src.limit(limit).position(position);
    }
  }

  /** Compares to the limit; the index of the first wrong byte or -1. */
  private int mismatchInUnit(Shape shape, int from, ByteBuffer src) {
    int end = src.limit();
    int at = from;
    for (int index = src.position(); index < end; ) {
      int page = at / shape.page();
      int inPage = at % shape.page();
      int whole = (end - index) / shape.page();
      int length;
      if (inPage == 0 && whole > 0 && page != kept && src.isDirect()) {
        length = whole * shape.page();
        if (matches(shape, page, whole, src.limit(end), index)) {
          index += length;
          at += length;
          continue;
        }
      }
      length = Math.min(end - index, shape.page() - inPage);
      aside(shape, page);
      int found =
          src.limit(index + length)
              .position(index)
              .mismatch(asideBuffer.limit(inPage + length).position(inPage));
      if (found >= 0) {
        return index + found;
      }
      index += length;
      at += length;
    }
    return -1;
  }

  private boolean matches(Shape shape, int page, int pages, ByteBuffer src, int index) {
    moveTo(shape, page);
    next = UNKNOWN;
    int step = shape.isPlain() ? pages : 1; // plain pages are rows and nothing else
    for (int i = 0; i < pages; i += step) {
      int at = index + i * shape.page();
      int end = at + step * shape.head();
      boolean same = matchesHead(page + i == 0, src, at, end);
      if (same && !shape.isPlain()) {
        long tail = Tail.behind((long) BUFFER_WORD.get(src, end - Long.BYTES));
        same = kernel.isFilled(tail, src, end, at + shape.page());
      }
      if (!same) {
        return false;
      }
    }
    next = page + pages;
    return true;
  }

  /** Compares what the kernel makes next; of its last row what is wanted. */
  private boolean matchesHead(boolean tagged, ByteBuffer src, int from, int end) {
    int at = from;
    if (tagged) { // the tag is not the kernel's
      at = Math.min(end, from + Kernel.ROW);
      if (!matchesRow(true, src, from, at)) {
        return false;
      }
    }
    int rows = (end - at) / Kernel.ROW;
    if (rows > 0 && !kernel.matches(rows, src, at)) {
      return false;
    }
    at += rows * Kernel.ROW;
    return at == end || matchesRow(false, src, at, end);
  }

  private boolean matchesRow(boolean tagged, ByteBuffer src, int from, int end) {
    kept = -1;
    kernel.make(1, aside, 0);
    if (tagged) {
      tag(aside, 0);
    }
    int limit = src.limit();
    src.limit(end).position(from);
    boolean same = src.mismatch(asideBuffer.limit(end - from).position(0)) < 0;
    src.limit(limit);
    return same;
  }

  private void make(Shape shape, int page, int pages, byte[] out, int index) {
    moveTo(shape, page);
    next = UNKNOWN;
    if (shape.isPlain()) {
      kernel.make(pages * shape.rows(), out, index);
    }
    for (int i = 0; i < pages; i++) {
      int at = index + i * shape.page();
      if (!shape.isPlain()) {
        kernel.make(shape.rows(), out, at);
        fill(shape, out, at);
      }
      if (page + i == 0) {
        tag(out, at);
      }
    }
    next = page + pages;
  }

  private void make(Shape shape, int page, int pages, ByteBuffer out) {
    moveTo(shape, page);
    next = UNKNOWN;
    if (shape.isPlain()) {
      kernel.make(pages * shape.rows(), out, out.position());
    }
    for (int i = 0; i < pages; i++) {
      int at = out.position() + i * shape.page();
      if (!shape.isPlain()) {
        kernel.make(shape.rows(), out, at);
        int from = at + shape.head();
        long tail = Tail.behind((long) BUFFER_WORD.get(out, from - Long.BYTES));
        kernel.fill(tail, out, from, at + shape.page());
      }
      if (page + i == 0) {
        long first = object.dataSet().tag0(object.id(), unit);
        BUFFER_WORD.set(out, at, first);
        BUFFER_WORD.set(out, at + Long.BYTES, object.dataSet().tag1(object.id(), unit, first));
      }
    }
    next = page + pages;
  }

  /** A page, made where nobody else sees it; valid until the next call of any method. */
  private byte[] aside(Shape shape, int page) {
    if (page != kept) {
      make(shape, page, 1, aside, 0);
      kept = page;
    }
    return aside;
  }

  private void enter(GeneratedObject object, long unit) {
    if (unit != this.unit || object != this.object) {
      this.object = object;
      this.unit = unit;
      next = UNKNOWN;
      kept = -1;
    }
  }

  private void moveTo(Shape shape, int page) {
    if (next > page) {
      kernel.seed(object.stream(), unit);
      next = 0;
    }
    while (next < page) {
      kernel.make(shape.rows(), aside, 0);
      kept = -1;
      next++;
    }
  }

  private void tag(byte[] out, int at) {
    long first = object.dataSet().tag0(object.id(), unit);
    WORD.set(out, at, first);
    WORD.set(out, at + Long.BYTES, object.dataSet().tag1(object.id(), unit, first));
  }

  private static void fill(Shape shape, byte[] out, int page) {
    int from = page + shape.head();
    int last = page + shape.page() - Long.BYTES;
    long tail = Tail.behind((long) WORD.get(out, from - Long.BYTES));
    long word = tail;
    for (int at = from; at < last; at += Long.BYTES) {
      WORD.set(out, at, word);
      word = Tail.next(word);
    }
    WORD.set(out, last, Tail.after(tail, last - from));
  }
}
