@rem npm runs its commands with "exec" so that signals reach them; this is exec where there is none.
@%*
