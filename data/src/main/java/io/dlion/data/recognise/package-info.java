/** Opens data: finds out what lies there, and which reader it is for. */
@NullMarked
package io.dlion.data.recognise;

import org.jspecify.annotations.NullMarked;
