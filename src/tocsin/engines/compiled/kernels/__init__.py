"""The inner loops: functions over arrays that numba compiles. Their bounds are their own duty; nothing else looks at them."""
