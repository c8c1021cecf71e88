/** Progress for people: a view that is redrawn, or plain lines. */
@NullMarked
package io.dlion.monitor.view;

import org.jspecify.annotations.NullMarked;
