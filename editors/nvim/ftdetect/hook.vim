autocmd BufRead,BufNewFile *.hook setfiletype hook
