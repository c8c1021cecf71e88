/** What a worker tells about itself while it trains. */
@NullMarked
package io.dlion.core.report;

import org.jspecify.annotations.NullMarked;
